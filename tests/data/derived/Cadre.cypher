// Cadre · lookup
UNWIND $keys AS key MATCH (n:Cadre {cadre_no: key}) MATCH (n)<-[:OF]-(s:CadreState {superseded: $open}) RETURN collect([key, s.recorded, [s.name, s.post, s.phone, s.left_on]]);

// Cadre · supersede
UNWIND $rows AS row MATCH (n:Cadre {cadre_no: row[0]}) MATCH (n)<-[:OF]-(s:CadreState {superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// Cadre · create
UNWIND $rows AS row MERGE (n:Cadre {cadre_no: row[0]}) ON CREATE SET n.recorded = $seq CREATE (n)<-[:OF]-(s:CadreState {name: row[3], post: row[4], phone: row[5], left_on: row[6], name_pinyin: row[7], name_initials: row[8], since: 10101, until: 99991231, recorded: $seq, superseded: $open, source: row[1], replaced: row[2]});
