// Derived from the model by `graph-service schema --write`. Do not edit.

// ShareDecision → Asset · known
UNWIND $keys AS key MATCH (a:ShareDecision {decision_no: key[0]}) MATCH (a)-[r:DECIDED_ON {superseded: $open}]->(b:Asset {asset_no: key[1]}) RETURN collect([key, r.recorded, [a.decision_no, b.asset_no] + [r.since, r.until]]);

// ShareDecision → Asset · supersede
UNWIND $rows AS row MATCH (a:ShareDecision {decision_no: row[0]}) MATCH (a)-[r:DECIDED_ON {superseded: $open}]->(b:Asset {asset_no: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// ShareDecision → Asset · create
UNWIND $rows AS row MATCH (a:ShareDecision {decision_no: row[0]}) MATCH (b:Asset {asset_no: row[1]}) CREATE (a)-[r:DECIDED_ON {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
