// Derived from the model by `graph-service schema --write`. Do not edit.

// PersonYear · known
UNWIND $keys AS key MATCH (o:Person {person_no: key[0]}) MATCH (o)<-[:OF]-(s:PersonYear {year: key[1], superseded: $open}) RETURN collect([key, s.recorded, [s.name, s.registered, s.sex, s.sex_text, s.id_document, s.ethnic_group, s.education, s.education_text, s.in_school, s.health, s.health_text, s.labour, s.labour_text, s.insured, s.months_worked]]);

// PersonYear · supersede
UNWIND $rows AS row MATCH (o:Person {person_no: row[0]}) MATCH (o)<-[:OF]-(s:PersonYear {year: row[1], superseded: $open}) WHERE s.recorded < $seq SET s.superseded = $seq;

// PersonYear · create
UNWIND $rows AS row MATCH (o:Person {person_no: row[0]}) CREATE (o)<-[:OF]-(s:PersonYear {year: row[1], name: row[4], registered: row[5], sex: row[6], sex_text: row[7], id_document: row[8], ethnic_group: row[9], education: row[10], education_text: row[11], in_school: row[12], health: row[13], health_text: row[14], labour: row[15], labour_text: row[16], insured: row[17], months_worked: row[18], name_pinyin: row[19], name_initials: row[20], since: row[1] * 10000 + 101, until: row[1] * 10000 + 1231, recorded: $seq, superseded: $open, source: row[2], replaced: row[3]});
