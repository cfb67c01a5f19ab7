import * as z from "zod";

/** A text that neither begins nor ends with white space. */
export const text = () => z.string().regex(/^\S(.*\S)?$/);
