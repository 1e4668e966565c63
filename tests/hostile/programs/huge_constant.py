# expect: out_of_memory | timed_out | invalid
exec("x = " + "-" * 10_000_000 + "1")
