/** Owner of the databases on test devices: a member. */
export const DEVICE_OWNER = '019a0000-0000-7000-8000-0000000000aa.019a0000-0000-7000-8000-0000000000bb'
