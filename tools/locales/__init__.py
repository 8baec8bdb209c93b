"""The widget's catalogues: gettext files that people edit, and the JSON that the program reads."""
