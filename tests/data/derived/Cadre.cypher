// Cadre · lookup
UNWIND $keys AS key MATCH (n:Cadre {cadre_no: key}) MATCH (n)<-[:OF]-(s:CadreState {superseded: $open}) RETURN collect({key: key, recorded: s.recorded, values: [s.name, s.post, s.phone, s.left_on]});

// Cadre · supersede
UNWIND $rows AS row MATCH (n:Cadre {cadre_no: row.key}) MATCH (n)<-[:OF]-(s:CadreState {superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// Cadre · create
UNWIND $rows AS row MERGE (n:Cadre {cadre_no: row.key}) ON CREATE SET n.recorded = $seq CREATE (n)<-[:OF]-(s:CadreState {name: row.name, post: row.post, phone: row.phone, left_on: row.left_on, name_pinyin: row.name_pinyin, name_initials: row.name_initials, since: 10101, until: 99991231, recorded: $seq, superseded: $open, source: row.source, replaced: row.replaced});
