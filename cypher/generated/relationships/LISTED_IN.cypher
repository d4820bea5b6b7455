// Derived from the model by `graph-service schema --write`. Do not edit.

// OutsideRecord → Area · known
UNWIND $keys AS key MATCH (a:OutsideRecord {record_no: key[0]}) MATCH (a)-[r:LISTED_IN {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.record_no, b.code] + [r.since, r.until]]);

// OutsideRecord → Area · supersede
UNWIND $rows AS row MATCH (a:OutsideRecord {record_no: row[0]}) MATCH (a)-[r:LISTED_IN {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// OutsideRecord → Area · create
UNWIND $rows AS row MATCH (a:OutsideRecord {record_no: row[0]}) MATCH (b:Area {code: row[1]}) CREATE (a)-[r:LISTED_IN {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
