// Derived from the model by `graph-service schema --write`. Do not edit.

// Cadre → Inspection · known
UNWIND $keys AS key MATCH (b:Inspection {inspection_no: key[1]}) MATCH (b)<-[r:INSPECTED {superseded: $open}]-(a:Cadre {cadre_no: key[0]}) RETURN collect([key, r.recorded, [a.cadre_no, b.inspection_no] + [r.since, r.until]]);

// Cadre → Inspection · supersede
UNWIND $rows AS row MATCH (b:Inspection {inspection_no: row[1]}) MATCH (b)<-[r:INSPECTED {superseded: $open}]-(a:Cadre {cadre_no: row[0]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Cadre → Inspection · create
UNWIND $rows AS row MATCH (b:Inspection {inspection_no: row[1]}) MATCH (a:Cadre {cadre_no: row[0]}) CREATE (a)-[r:INSPECTED {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
