module shop

go 1.24

require pintle v0.0.0

replace pintle => ../../../guest/go
