// Derived from the model by `graph-service schema --write`. Do not edit.

// Cadre → Pledge · known
UNWIND $keys AS key MATCH (b:Pledge {pledge_no: key[1]}) MATCH (b)<-[r:SIGNED {superseded: $open}]-(a:Cadre {cadre_no: key[0]}) RETURN collect([key, r.recorded, [a.cadre_no, b.pledge_no] + [r.since, r.until]]);

// Cadre → Pledge · supersede
UNWIND $rows AS row MATCH (b:Pledge {pledge_no: row[1]}) MATCH (b)<-[r:SIGNED {superseded: $open}]-(a:Cadre {cadre_no: row[0]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Cadre → Pledge · create
UNWIND $rows AS row MATCH (b:Pledge {pledge_no: row[1]}) MATCH (a:Cadre {cadre_no: row[0]}) CREATE (a)-[r:SIGNED {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
