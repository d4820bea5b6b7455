// Derived from the model by `graph-service schema --write`. Do not edit.

// Cadre → Fund · known
UNWIND $keys AS key MATCH (b:Fund {fund_no: key[1]}) MATCH (b)<-[r:APPROVED {superseded: $open}]-(a:Cadre {cadre_no: key[0]}) RETURN collect([key, r.recorded, [a.cadre_no, b.fund_no] + [r.since, r.until]]);

// Cadre → Fund · supersede
UNWIND $rows AS row MATCH (b:Fund {fund_no: row[1]}) MATCH (b)<-[r:APPROVED {superseded: $open}]-(a:Cadre {cadre_no: row[0]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Cadre → Fund · create
UNWIND $rows AS row MATCH (b:Fund {fund_no: row[1]}) MATCH (a:Cadre {cadre_no: row[0]}) CREATE (a)-[r:APPROVED {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);

// Cadre → Project · known
UNWIND $keys AS key MATCH (b:Project {project_no: key[1]}) MATCH (b)<-[r:APPROVED {superseded: $open}]-(a:Cadre {cadre_no: key[0]}) RETURN collect([key, r.recorded, [a.cadre_no, b.project_no] + [r.since, r.until]]);

// Cadre → Project · supersede
UNWIND $rows AS row MATCH (b:Project {project_no: row[1]}) MATCH (b)<-[r:APPROVED {superseded: $open}]-(a:Cadre {cadre_no: row[0]}) WHERE r.recorded < $seq SET r.superseded = $seq;

// Cadre → Project · create
UNWIND $rows AS row MATCH (b:Project {project_no: row[1]}) MATCH (a:Cadre {cadre_no: row[0]}) CREATE (a)-[r:APPROVED {since: row[2], until: row[3], recorded: $seq, superseded: $open, source: row[4], replaced: row[5]}]->(b);
