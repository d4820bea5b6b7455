// Derived from the model by `graph-service schema --write`. Do not edit.

// Measure → Policy · known
UNWIND $keys AS key MATCH (a:Measure {measure_no: key[0]}) MATCH (a)-[r:UNDER {superseded: $open}]->(b:Policy {policy_no: key[1]}) RETURN collect([key, r.recorded, [a.measure_no, b.policy_no] + [r.since, r.until]]);

// Measure → Policy · supersede
UNWIND $rows AS row MATCH (a:Measure {measure_no: row[0]}) MATCH (a)-[r:UNDER {superseded: $open}]->(b:Policy {policy_no: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Measure → Policy · create
UNWIND $rows AS row MATCH (a:Measure {measure_no: row[0]}) MATCH (b:Policy {policy_no: row[1]}) CREATE (a)-[r:UNDER {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
