"""Golos: citizens count their own election.

A submission is an entry in an append-only log; everything published is a pure function of the log.

    doors    a sealed envelope arrives by any road
    intake   checks it once and makes it durable: accepted
    ledger   every few minutes sorts, appends, signs a checkpoint: receipt
    desk     people say what the photographs show: verdicts, entries too
    stewards open the ballots of every station with at least k of them
    count    entries + official results -> tallies -> findings
    publish  a static site, open data, a mirror of the log
    verify   a stranger recomputes every number with one independent program
"""

__version__ = "0.1.0"
