"""Speed and weight of the site against their goals: what `make bench` prints.

Everything is measured in one run on the same machine, and only ratios are judged: a page in multiples of F, an empty
page of the same site for the same signed-in person; a file beside the database's own command-line tool, openpyxl and
django-import-export. A time on its own says more about the machine than about the program.

Pages are called through WSGI inside this process, with the settings of a server (DEBUG off). Their cost is the CPU
time of this process, the median of several rounds in which all pages take turns; the clock stands beside it, because
PostgreSQL works in a process of its own. A gap is printed as one and fails nothing: timings are not tests.
"""
