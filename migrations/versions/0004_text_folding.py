"""Functions of filters: CASEI and ACCENTI of CQL2, as a reader compares texts; a safe power."""

from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# Arabic forms of Persian letters, and digits of either script: one letter to a reader, so both
# functions take them for one. ZWNJ is the space that «ولی‌عصر» is as often written with.
_FROM = "يىېۍےكڪةەہھ\u200c" + "۰۱۲۳۴۵۶۷۸۹" + "٠١٢٣٤٥٦٧٨٩"
_TO = "یییییککههههـ".replace("ـ", " ") + "0123456789" * 2
# What is not seen: tatweel, soft hyphen, joiner, zero-width space, BOM and bidi marks.
_DROPPED = "\u0640\u00ad\u200d\u200b\ufeff\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069"
# Short vowels and the like, which a text has or has not: the word is the same.
_VOWELS = "\u064b-\u0652\u0670"
# Combining marks of Latin, Greek, Cyrillic, Hebrew and Arabic.
_MARKS = (
    "\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06dc"
    "\u06df-\u06e4\u06e7\u06e8\u06ea-\u06ed\u08d3-\u08ff\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
    "\ufe20-\ufe2f"
)


def upgrade() -> None:
    """Immutable, so that an index may be made on `meta.casei(name_fa)`; named as in CQL2."""
    # Letters composed: a mark that belongs to a letter (آ, é) stays a difference.
    op.execute(
        f"""
        CREATE FUNCTION meta.casei(text) RETURNS text
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT replace(replace(replace(
            lower(translate(
                regexp_replace(normalize($1, NFKC), '[{_DROPPED}{_VOWELS}]', '', 'g'),
                '{_FROM}', '{_TO}'
            ) COLLATE "und-x-icu"),
            'ς', 'σ'), 'ß', 'ss'), 'ۀ', 'ه\u0654') COLLATE "default"
        $$
        """
    )
    # Letters decomposed, and their marks dropped: آ and أ are ا, é is e.
    op.execute(
        f"""
        CREATE FUNCTION meta.accenti(text) RETURNS text
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT translate(regexp_replace(normalize($1, NFKD), '[{_DROPPED}{_MARKS}]', '', 'g'),
                         'ٱ{_FROM}ء', 'ا{_TO}')
        $$
        """
    )
    # What has no value, or none that a number could hold, is null: an error in one row would be
    # the end of all the others.
    op.execute(
        """
        CREATE FUNCTION meta.power(numeric, numeric) RETURNS numeric
        LANGUAGE plpgsql IMMUTABLE STRICT AS $$
        BEGIN
            RETURN power($1::float8, $2::float8)::numeric;
        EXCEPTION WHEN data_exception THEN
            RETURN NULL;
        END $$
        """
    )


def downgrade() -> None:
    """Nothing but filters uses them."""
    op.execute("DROP FUNCTION meta.power(numeric, numeric)")
    op.execute("DROP FUNCTION meta.casei(text)")
    op.execute("DROP FUNCTION meta.accenti(text)")
