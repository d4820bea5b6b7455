// Derived from the model by `graph-service schema --write`. Do not edit.

// Cadre → Village · known
UNWIND $keys AS key MATCH (a:Cadre {cadre_no: key[0]}) MATCH (a)-[r:SERVES {duty: key[2], since: key[3], superseded: $open}]->(b:Village {code: key[1]}) RETURN collect([key, r.recorded, [a.cadre_no, b.code] + [r.since, r.until, r.duty, r.duty_text]]);

// Cadre → Village · supersede
UNWIND $rows AS row MATCH (a:Cadre {cadre_no: row[0]}) MATCH (a)-[r:SERVES {duty: row[6], since: row[2], superseded: $open}]->(b:Village {code: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Cadre → Village · create
UNWIND $rows AS row MATCH (a:Cadre {cadre_no: row[0]}) MATCH (b:Village {code: row[1]}) CREATE (a)-[r:SERVES {since: row[2], until: row[3], duty: row[6], duty_text: row[7], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
