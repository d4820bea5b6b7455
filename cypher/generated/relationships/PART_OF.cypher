// Derived from the model by `graph-service schema --write`. Do not edit.

// Area → Area · known
UNWIND $keys AS key MATCH (a:Area {code: key[0]}) MATCH (a)-[r:PART_OF {superseded: $open}]->(b) RETURN collect([key, r.recorded, [a.code, b.code] + [r.since, r.until]]);

// Area → Area · supersede
UNWIND $rows AS row MATCH (a:Area {code: row[0]}) MATCH (a)-[r:PART_OF {superseded: $open}]->(b) WHERE r.recorded < $seq SET r.superseded = $seq;

// Area → Area · create
UNWIND $rows AS row MATCH (a:Area {code: row[0]}) MATCH (b:Area {code: row[1]}) CREATE (a)-[r:PART_OF {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
