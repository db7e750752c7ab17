"""Understanding by rules: regular expressions, word lists and grammars behind the port `Analyzer`."""
