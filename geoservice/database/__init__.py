"""Connections, the embedded cluster, tables, migrations, introspection, versions.

The only room that imports a database driver; the others receive connections from here.
"""
