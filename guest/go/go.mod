module pintle

go 1.24
