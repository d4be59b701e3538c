/// Settings: flag over environment over file over default, as immutable records.
@NullMarked
package dev.gatewright.config;

import org.jspecify.annotations.NullMarked;
