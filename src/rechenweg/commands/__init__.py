"""What each command does, between the command line and the rooms: reading files, progress, tables, writing files."""
