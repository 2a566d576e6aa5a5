"""How fast the portal is, as ratios: its pages against a floor and against what Django's own parts
would give. Run it with `./dev bench`; `docs/performance.md` says what each figure is."""
