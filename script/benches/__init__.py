"""What script/bench can measure, one file for each figure."""
