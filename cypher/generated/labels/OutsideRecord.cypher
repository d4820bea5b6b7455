// Derived from the model by `graph-service schema --write`. Do not edit.

// OutsideRecord · known
UNWIND $keys AS key MATCH (n:OutsideRecord {record_no: key}) MATCH (n)<-[:OF]-(s:OutsideRecordState {superseded: $open}) RETURN collect([key, s.recorded, [s.list, s.list_text, s.identity, s.content, s.began_on]]);

// OutsideRecord · supersede
UNWIND $rows AS row MATCH (n:OutsideRecord {record_no: row[0]}) MATCH (n)<-[:OF]-(s:OutsideRecordState {superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// OutsideRecord · create
UNWIND $rows AS row MERGE (n:OutsideRecord {record_no: row[0]}) ON CREATE SET n.recorded = $seq CREATE (n)<-[:OF]-(s:OutsideRecordState {list: row[3], list_text: row[4], identity: row[5], content: row[6], began_on: row[7], since: 10101, until: 99991231, recorded: $seq, superseded: $open, source: row[1], replaced: row[2]});
