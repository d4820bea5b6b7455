// Derived from the model by `graph-service schema --write`. Do not edit.

// Pledge → Area · known
UNWIND $keys AS key MATCH (a:Pledge {pledge_no: key[0]}) MATCH (a)-[r:COVERS {superseded: $open}]->(b:Area {code: key[1]}) RETURN collect([key, r.recorded, [a.pledge_no, b.code] + [r.since, r.until]]);

// Pledge → Area · supersede
UNWIND $rows AS row MATCH (a:Pledge {pledge_no: row[0]}) MATCH (a)-[r:COVERS {superseded: $open}]->(b:Area {code: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Pledge → Area · create
UNWIND $rows AS row MATCH (a:Pledge {pledge_no: row[0]}) MATCH (b:Area {code: row[1]}) CREATE (a)-[r:COVERS {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Target → Area · known
UNWIND $keys AS key MATCH (a:Target {target_no: key[0]}) MATCH (a)-[r:COVERS {superseded: $open}]->(b:Area {code: key[1]}) RETURN collect([key, r.recorded, [a.target_no, b.code] + [r.since, r.until]]);

// Target → Area · supersede
UNWIND $rows AS row MATCH (a:Target {target_no: row[0]}) MATCH (a)-[r:COVERS {superseded: $open}]->(b:Area {code: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Target → Area · create
UNWIND $rows AS row MATCH (a:Target {target_no: row[0]}) MATCH (b:Area {code: row[1]}) CREATE (a)-[r:COVERS {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Inspection → Area · known
UNWIND $keys AS key MATCH (a:Inspection {inspection_no: key[0]}) MATCH (a)-[r:COVERS {superseded: $open}]->(b:Area {code: key[1]}) RETURN collect([key, r.recorded, [a.inspection_no, b.code] + [r.since, r.until]]);

// Inspection → Area · supersede
UNWIND $rows AS row MATCH (a:Inspection {inspection_no: row[0]}) MATCH (a)-[r:COVERS {superseded: $open}]->(b:Area {code: row[1]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Inspection → Area · create
UNWIND $rows AS row MATCH (a:Inspection {inspection_no: row[0]}) MATCH (b:Area {code: row[1]}) CREATE (a)-[r:COVERS {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
