// Derived from the model by `graph-service schema --write`. Do not edit.

// Cadre → Area · known
UNWIND $keys AS key MATCH (a:Cadre {cadre_no: key[0]}) MATCH (a)-[r:POSTED_TO {since: key[2], superseded: $open}]->(b:Area {code: key[1]}) RETURN collect([key, r.recorded, [a.cadre_no, b.code] + [r.since, r.until, r.post]]);

// Cadre → Area · supersede
UNWIND $rows AS row MATCH (a:Cadre {cadre_no: row[0]}) MATCH (a)-[r:POSTED_TO {since: row[2], superseded: $open}]->(b:Area {code: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Cadre → Area · create
UNWIND $rows AS row MATCH (a:Cadre {cadre_no: row[0]}) MATCH (b:Area {code: row[1]}) CREATE (a)-[r:POSTED_TO {since: row[2], until: row[3], post: row[6], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
