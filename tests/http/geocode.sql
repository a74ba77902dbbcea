-- A city of one street and one alley in the province of rows.sql, and a village by itself.
INSERT INTO source.place (id, kind, name_fa, name_en, aliases, population, province_code, county_code, geom)
VALUES ('c1', 'city', 'بم', 'Bam', '{}', 120000, '01', '0101', ST_SetSRID(ST_Point(50.6, 30.6), 4326)),
       ('v99', 'village', 'بمپور', 'Bampur', '{}', 900, '01', '0101', ST_SetSRID(ST_Point(50.9, 30.9), 4326));

INSERT INTO source.address
    (postal_code, province, county, locality_type, locality, neighbourhood, street, alley, plaque, unit, building, accuracy, geom)
VALUES
    ('1436947501', 'کرمان', 'بم', 'شهر', 'بم', 'بهار', 'زند', NULL, '1', NULL, NULL, 'accurate', ST_SetSRID(ST_Point(50.6010, 30.6), 4326)),
    ('1436947502', 'کرمان', 'بم', 'شهر', 'بم', 'بهار', 'زند', NULL, '3', NULL, NULL, 'accurate', ST_SetSRID(ST_Point(50.6012, 30.6), 4326)),
    ('1436947503', 'کرمان', 'بم', 'شهر', 'بم', 'بهار', 'زند', NULL, '9', '1', 'ساختمان نگین', 'accurate', ST_SetSRID(ST_Point(50.6018, 30.6), 4326)),
    ('1436947504', 'کرمان', 'بم', 'شهر', 'بم', 'بهار', 'زند', NULL, '9', '2', 'ساختمان نگین', 'accurate', ST_SetSRID(ST_Point(50.6018, 30.6), 4326)),
    ('1436947505', 'کرمان', 'بم', 'شهر', 'بم', 'بهار', 'زند', 'یاس', '2', NULL, NULL, 'estimated', ST_SetSRID(ST_Point(50.6010, 30.602), 4326)),
    ('1436947506', 'کرمان', 'بم', 'شهر', 'بم', 'بهار', 'زند', 'یاس', '4', NULL, NULL, NULL, NULL);
