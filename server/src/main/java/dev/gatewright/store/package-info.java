/// Databases (SQLite, PostgreSQL), migrations, the data folder's lock.
@NullMarked
package dev.gatewright.store;

import org.jspecify.annotations.NullMarked;
