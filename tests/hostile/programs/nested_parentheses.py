# expect: invalid | out_of_memory
exec("x = " + "(" * 5000 + "1" + ")" * 5000)
