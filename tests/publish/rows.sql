-- Two region sets, the later not current; county 0102 has no shape, 0201 lies in province 02.
INSERT INTO source.region_set (id, title_fa, title_en, valid_from, valid_to, is_current) VALUES
    ('1395', 'تقسیمات ۱۳۹۵', 'Regions of 1395', '2016-03-20', '2021-03-20', true),
    ('1400', 'تقسیمات ۱۴۰۰', 'Regions of 1400', '2021-03-21', NULL, false);

INSERT INTO source.region
    (region_set, level, code, name_fa, name_en, parent_code, area_km2, schematic, geom) VALUES
    ('1395', 'province', '01', 'کرمان', 'Kerman', 'IR', 100.5, false, ST_Multi(ST_MakeEnvelope(50, 30, 51, 32, 4326))),
    ('1395', 'province', '02', 'یزد', 'Yazd', 'IR', 200, false, ST_Multi(ST_MakeEnvelope(51, 30, 52, 32, 4326))),
    ('1395', 'county', '0101', 'بم', 'Bam', '01', 60, true, ST_Multi(ST_MakeEnvelope(50, 30, 51, 31, 4326))),
    ('1395', 'county', '0102', 'راور', 'Ravar', '01', NULL, true, NULL),
    ('1395', 'county', '0201', 'بافق', 'Bafgh', '02', 'NaN', true, ST_Multi(ST_MakeEnvelope(51, 30, 52, 32, 4326))),
    ('1400', 'province', '01', 'کرمان', 'Kerman', 'IR', 100, false, ST_Multi(ST_MakeEnvelope(50, 30, 51, 32, 4326)));

INSERT INTO source.population (region_set, level, code, year, sex, value) VALUES
    ('1395', 'province', '01', 1390, 'total', 900), ('1395', 'province', '01', 1395, 'total', 1000),
    ('1395', 'county', '0101', 1395, 'total', 700), ('1395', 'county', '0101', 1395, 'male', 300),
    ('1395', 'county', '0201', 1395, 'total', 400);

INSERT INTO source.agency (id, name_fa, name_en) VALUES ('a', 'راه و شهرسازی', 'Roads');

INSERT INTO source.project
    (id, title_fa, agency_id, status, budget, planned_start, planned_end, completion_date, financial_progress) VALUES
    ('p/1', 'راه بم', 'a', 'implementation', 1000, '2015-03-21', '2018-03-20', NULL, 50),
    ('p2', 'پل «بافق»', 'a', 'completed', 2500.25, '2016-03-20', '2017-03-20', '2019-01-01', 'Infinity'),
    ('p3', 'بی‌جا', NULL, 'implementation', NULL, NULL, NULL, NULL, NULL);

INSERT INTO gazetteer.placement
    (project_id, match_level, confidence, method, reason_fa, reason_en, geom) VALUES
    ('p/1', 'locality', 0.8, 'address', NULL, NULL, ST_SetSRID(ST_Point(50.5, 30.5), 4326)),
    ('p2', 'point', 1, 'coordinates', NULL, NULL, ST_SetSRID(ST_Point(51.5, 31.5), 4326)),
    ('p3', NULL, NULL, NULL, 'نشانی ندارد', 'it has no address', NULL);

INSERT INTO gazetteer.placement_region (project_id, region_set, level, code) VALUES
    ('p/1', '1395', 'province', '01'), ('p/1', '1395', 'county', '0101'),
    ('p2', '1395', 'province', '02'), ('p2', '1395', 'county', '0201');

INSERT INTO source.place (id, kind, name_fa, population, county_code, geom)
SELECT 'v' || n, CASE WHEN n = 1 THEN 'city' ELSE 'village' END, 'آبادی ' || n, n * 10, '0101',
       ST_SetSRID(ST_Point(50 + n / 100.0, 30.5), 4326)
FROM generate_series(1, 25) n;

INSERT INTO source.address (postal_code, street, synthetic, geom) VALUES
    ('7618700001', 'خیابان شریعتی', true, ST_SetSRID(ST_Point(50.5, 30.5), 4326)),
    ('7618700002', 'خیابان امام', true, NULL);

INSERT INTO indicator.definition
    (id, title_fa, title_en, definition_fa, definition_en, formula, unit) VALUES
    ('spending_per_head', 'سرانه', 'Spending per head', 'بودجه بر جمعیت', 'budget by population', 'Y / P', 'IRR/person'),
    ('gini', 'جینی', 'Gini', 'نابرابری', 'inequality', NULL, '1');

INSERT INTO indicator.run
    (region_set, level, year, variable, period_start, period_end, population_year, notes) VALUES
    ('1395', 'county', 1399, 'budget', '2020-03-20', '2021-03-20', 1395, NULL),
    ('1395', 'county', 1400, 'budget', '2021-03-21', '2022-03-20', 1395, '[{"fa": "یادداشت", "en": "note"},
      {"fa": "دربارهٔ سرانه", "en": "on spending", "indicators": ["spending_per_head"]},
      {"fa": "دربارهٔ پوشش", "en": "on coverage", "indicators": ["coverage_5km", "mean_life"]}]'),
    ('1395', 'county', 1401, 'roads', '2022-03-21', '2023-03-20', 1395, NULL);

INSERT INTO indicator.value (run_id, indicator, region_level, code, value, unit, reason_fa, reason_en)
SELECT run.id, v.indicator, v.region_level, v.code, v.value, v.unit, v.reason_fa, v.reason_en
FROM indicator.run, (VALUES
    ('spending_per_head', 'county', '0101', 0.1::float8 + 0.2::float8, 'IRR/person', NULL, NULL),
    ('spending_per_head', 'county', '0102', NULL, 'IRR/person', 'جمعیت آن نامعلوم است', 'its population is unknown'),
    ('spending_per_head', 'county', '0201', 6.25, 'IRR/person', NULL, NULL),
    ('spending_per_head', 'country', 'IR', 3.5, 'IRR/person', NULL, NULL),
    ('gini', 'country', 'IR', 0.25, '1', NULL, NULL),
    ('gini', 'province', '01', 0, '1', NULL, NULL)
) AS v (indicator, region_level, code, value, unit, reason_fa, reason_en)
WHERE run.variable = 'budget';

INSERT INTO indicator.excluded
    (run_id, indicators, subject, subject_id, reason_code, reason_fa, reason_en)
SELECT id, '{spending_per_head,gini}', 'region', '0102', 'missing_population',
       'جمعیت آن نامعلوم است', 'its population is unknown'
FROM indicator.run WHERE year = 1400;
