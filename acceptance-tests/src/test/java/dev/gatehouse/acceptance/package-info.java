/** Tests of the whole house, started as a newcomer would. */
@NullMarked
package dev.gatehouse.acceptance;

import org.jspecify.annotations.NullMarked;
