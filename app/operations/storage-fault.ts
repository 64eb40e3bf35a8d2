/** Pages ask this of what an operation threw; the database alone knows its codes. */
export { isStorageFault } from "../../db/storage-fault.ts";
