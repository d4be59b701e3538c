/// Uploads: forms whose model is found before they pass, in memory or on disk.
@NullMarked
package dev.gatewright.service.form;

import org.jspecify.annotations.NullMarked;
