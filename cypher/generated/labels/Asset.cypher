// Derived from the model by `graph-service schema --write`. Do not edit.

// Asset · known
UNWIND $keys AS key MATCH (n:Asset {asset_no: key}) MATCH (n)<-[:OF]-(s:AssetState {superseded: $open}) RETURN collect([key, s.recorded, [s.name, s.kind, s.kind_text, s.quantified, s.floor_rate, s.total_shares]]);

// Asset · supersede
UNWIND $rows AS row MATCH (n:Asset {asset_no: row[0]}) MATCH (n)<-[:OF]-(s:AssetState {superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// Asset · create
UNWIND $rows AS row MERGE (n:Asset {asset_no: row[0]}) ON CREATE SET n.recorded = $seq CREATE (n)<-[:OF]-(s:AssetState {name: row[3], kind: row[4], kind_text: row[5], quantified: row[6], floor_rate: row[7], total_shares: row[8], name_pinyin: row[9], name_initials: row[10], since: 10101, until: 99991231, recorded: $seq, superseded: $open, source: row[1], replaced: row[2]});
