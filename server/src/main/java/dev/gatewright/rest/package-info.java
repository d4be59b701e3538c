/// What REST resources share: one list of routes with their access and limits, one way to read a
/// request, one form of pages and cursors, one layer of errors. Knows no web server.
@NullMarked
package dev.gatewright.rest;

import org.jspecify.annotations.NullMarked;
