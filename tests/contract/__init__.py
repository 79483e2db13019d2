"""The contract of golos.ports, run against every store, and the faults that each store must survive."""
