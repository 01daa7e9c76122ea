"""Texts that a spreadsheet takes, or might take, for a formula or a command."""

STARTS = ["=", "+", "-", "@", "＝", "＋", "－", "＠"]
BODIES = ["1+1", 'HYPERLINK("http://x.invalid","x")', "SUM(A1:A9)", "cmd|' /C calc'!A0"]
BEFORE = ["", " ", "\t", "\r", "\n", "\N{NO-BREAK SPACE}", "x\n", "x\r\n", "x\r", "first\n\n"]

FORMULAS = [
    *(f"{start}{body}" for start in STARTS for body in BODIES),
    *(f"{before}=1+1" for before in BEFORE[1:]),
    *("\tplain", "\rplain", "\nplain", "x\n-5", "x\n@SUM(1)", "x\n + 1", "'=1+1", "''=1+1", "x\n'=1", "'\t=1"),
    "%0A-3+3+cmd|' /C calc'!D2",
    ";=1+1",
    '",=1+1,"',
    "=1+1\n=2+2",
]
