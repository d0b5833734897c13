"""What correspondents send in: read, judged, compared with what is held, told in words."""
