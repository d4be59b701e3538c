/// What happens to an organization's things once nobody can want them back.
@NullMarked
package dev.gatewright.tenant.purge;

import org.jspecify.annotations.NullMarked;
