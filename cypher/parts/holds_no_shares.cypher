// 非持股人 — Whether h held no shares of the asset s on the record date day. Needs h, s, day, $seq.
NOT EXISTS { MATCH (h)-[o:HOLDS]->(s) WHERE known(o) AND o.since <= day AND o.until >= day }
