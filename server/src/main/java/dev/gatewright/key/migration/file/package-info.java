/// Files other gates and this one keep keys in: read, never trusted. Pure.
@NullMarked
package dev.gatewright.key.migration.file;

import org.jspecify.annotations.NullMarked;
