"""A file -> JSON lines, in a process of its own, with nothing but the standard library.

First {"format", "delimiter", "encoding"}. Then for each worksheet {"sheet", "hidden"}, its rows that are not blank as
[row number, cells], and {"merged": [[first row, first column, last row, last column], ...]}; all numbers count from 1.
A file that is refused ends with {"refused": sentence}.

A cell is null, a text exactly as typed, a number, true or false, or one of {"d": date}, {"t": date with time},
{"p": number shown as a percentage}, {"e": error}, {"f": formula without a stored value}.

The libraries that read workbooks leave out, without a word, error cells, formulas without a value, what is a
percentage, and rows that stand twice or out of order. Here each of these is told or refused.
"""
