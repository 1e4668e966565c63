"""From verified records to a data set that loads everywhere."""
