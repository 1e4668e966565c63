# expect: invalid
exec("x = 1\0")
