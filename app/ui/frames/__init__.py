"""One frame as it is shown anywhere: its picture, its answer, its way. Knows no tab."""
