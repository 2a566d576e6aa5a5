"""Papers that an office prints: a declared table under a letterhead, as PDF and as XLSX.

`paper` is what an app declares, `sheet` what comes of it for one user and day, `pdf` and `xlsx`
write a sheet; neither knows what it is about.
"""
