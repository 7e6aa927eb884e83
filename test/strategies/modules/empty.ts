/** A module without `create`. */
export const nothing = 0;
