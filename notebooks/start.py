"""A marimo notebook to start from: the published snapshot, a few questions, a chart, one entity.

Open it with ``marimo edit notebooks/start.py`` (change it freely; it is a Python file) or read it
with ``marimo run notebooks/start.py``. It opens the snapshot of NEWSLEDGER_HOME, read-only.
"""

import marimo

__generated_with = "0.25.2"
app = marimo.App(width="medium", app_title="newsledger: a start")


@app.cell
def _():
    import altair as alt
    import duckdb
    import marimo as mo

    from pipelines.settings import load_settings

    return alt, duckdb, load_settings, mo


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    # newsledger: a start

    The cells below ask the published snapshot. It is opened read-only: nothing here can change
    it, and a run that publishes a new one is not in the way. Start the notebook again to see
    what a later run has published.
    """)
    return


@app.cell
def _(duckdb, load_settings, mo):
    snapshot = load_settings().published_file
    mo.stop(
        not snapshot.exists(),
        mo.md(
            f"**Nothing is published yet:** `{snapshot}` does not exist. Run `newsledger run` first"
            " (it fills an empty home with the samples), or name another home in `NEWSLEDGER_HOME`"
            " and start the notebook again."
        ),
    )
    connection = duckdb.connect(str(snapshot), read_only=True)
    connection.execute("SET TimeZone = 'UTC'")
    mo.md(f"Open: `{snapshot}`")
    return (connection,)


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    ## What there is
    """)
    return


@app.cell
def _(connection, mo):
    tables = mo.sql(
        """
        SELECT table_name, table_kind, description
        FROM mart.data_dictionary
        WHERE column_name IS NULL
        ORDER BY starts_with(table_name, 'ops.') OR starts_with(table_name, 'raw.'), table_name
        """,
        engine=connection,
    )
    return (tables,)


@app.cell(hide_code=True)
def _(mo, tables):
    mo.md(f"""
    {len(tables)} tables and views. `newsledger describe NAME` says what each column holds.
    """)
    return


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    ## Who is in the news? Counted per publisher
    """)
    return


@app.cell
def _(connection, mo):
    in_the_news = mo.sql(
        """
        SELECT name, entity_type, publisher_count, article_count, mention_count
        FROM mart.dim_entity
        WHERE publisher_count > 0
        ORDER BY publisher_count DESC, article_count DESC, name
        LIMIT 20
        """,
        engine=connection,
    )
    return (in_the_news,)


@app.cell
def _(alt, in_the_news):
    alt.Chart(in_the_news).mark_bar().encode(
        x=alt.X("publisher_count:Q", title="publishers that name it", axis=alt.Axis(tickMinStep=1)),
        y=alt.Y("name:N", title=None, sort=None),
        color=alt.Color("entity_type:N", title=None),
        tooltip=["name", "entity_type", "publisher_count", "article_count"],
    ).properties(width="container")
    return


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    ## What did publishers change after publication?
    """)
    return


@app.cell
def _(connection, mo):
    changes = mo.sql(
        """
        SELECT outlet_id, changed_at, headline_before, headline_after, words_before, words_after
        FROM mart.article_changes
        WHERE change_kind = 'publisher_edit'
        ORDER BY changed_at DESC, article_id
        LIMIT 20
        """,
        engine=connection,
    )
    return (changes,)


@app.cell(hide_code=True)
def _(changes, mo):
    mo.md(f"""
    {len(changes)} shown, the latest first. Only a page that was captured again can show one.
    """)
    return


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    ## How much was published, day by day?
    """)
    return


@app.cell
def _(connection, mo):
    by_day = mo.sql(
        """
        SELECT day::VARCHAR AS day, outlet_id, article_count
        FROM mart.outlet_daily
        WHERE day > (SELECT max(day) FROM mart.outlet_daily) - 28
        ORDER BY day, outlet_id
        """,
        engine=connection,
        output=False,
    )
    return (by_day,)


@app.cell
def _(alt, by_day):
    alt.Chart(by_day).mark_bar().encode(
        x=alt.X("day:O", title=None),
        y=alt.Y("article_count:Q", title="articles"),
        color=alt.Color("outlet_id:N", title="outlet", legend=alt.Legend(symbolLimit=20)),
        tooltip=["day", "outlet_id", "article_count"],
    ).properties(width="container", height=260)
    return


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    ## One entity: when, where, in which words?
    """)
    return


@app.cell
def _(connection, mo):
    _named = connection.execute(
        """
        SELECT format('{} ({})', name, entity_id), entity_id
        FROM mart.dim_entity
        WHERE mention_count > 0
        ORDER BY publisher_count DESC, article_count DESC, name
        LIMIT 500
        """
    ).fetchall()
    mo.stop(not _named, mo.md("No entity is named in this snapshot yet."))
    entity = mo.ui.dropdown(
        dict(_named), value=_named[0][0], searchable=True, label="Entity (the 500 most named)"
    )
    mo.hstack([entity], justify="start")
    return (entity,)


@app.cell
def _(connection, entity):
    # A value goes in as a parameter: a name from the news is never a part of the SQL.
    days = connection.execute(
        """
        SELECT day::VARCHAR AS day, article_count, publisher_count
        FROM mart.entity_daily
        WHERE entity_id = ?
        ORDER BY day
        """,
        [entity.value],
    ).df()
    spans = connection.execute(
        """
        SELECT f.day, f.outlet_id, m.prefix || '[' || m.exact || ']' || m.suffix AS in_words
        FROM mart.fct_mention AS f
        JOIN mentions AS m ON f.mention_id = m.mention_id
        WHERE f.entity_id = ?
        ORDER BY f.day DESC, f.article_id, m.start_char
        LIMIT 50
        """,
        [entity.value],
    ).df()
    return days, spans


@app.cell
def _(alt, days):
    alt.Chart(days).mark_bar().encode(
        x=alt.X("day:O", title=None),
        y=alt.Y("article_count:Q", title="articles that name it"),
        tooltip=["day", "article_count", "publisher_count"],
    ).properties(width="container", height=200)
    return


@app.cell
def _(mo, spans):
    mo.ui.table(spans, selection=None, page_size=10)
    return


@app.cell(hide_code=True)
def _(mo):
    mo.md("""
    ## From here

    `newsledger questions` lists more questions with their SQL, `newsledger describe TABLE` says
    what each column holds, and `newsledger report` draws the whole on one page.
    """)
    return


if __name__ == "__main__":
    app.run()
