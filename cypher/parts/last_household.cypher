// 最后所在户 — Whether the membership m is the last known one of the person p. Needs p, m, $seq.
known(m) AND NOT EXISTS { MATCH (p)-[n:MEMBER_OF]->(:Household) WHERE known(n) AND n.since > m.since }
