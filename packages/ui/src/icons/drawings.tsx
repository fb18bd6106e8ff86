import { Icon } from './icon.tsx'

export const PhoneIcon = () => (
  <Icon>
    <path d="M5 3.5h3.2l1.6 4.4-2.2 1.7a12.5 12.5 0 0 0 6.8 6.8l1.7-2.2 4.4 1.6V19a1.8 1.8 0 0 1-1.9 1.8A16.8 16.8 0 0 1 3.2 5.4 1.8 1.8 0 0 1 5 3.5Z" />
  </Icon>
)

export const MailIcon = () => (
  <Icon>
    <rect x="3" y="5" width="18" height="14" rx="2" />
    <path d="m3.5 7 8.5 6.2L20.5 7" />
  </Icon>
)

export const PinIcon = () => (
  <Icon>
    <path d="M12 21.5s7-6.7 7-11.7a7 7 0 0 0-14 0c0 5 7 11.7 7 11.7Z" />
    <circle cx="12" cy="9.7" r="2.5" />
  </Icon>
)

export const ClockIcon = () => (
  <Icon>
    <circle cx="12" cy="12" r="8.75" />
    <path d="M12 7v5.3l3.5 2" />
  </Icon>
)

export const ArrowIcon = () => (
  <Icon mirrored>
    <path d="M4 12h15.5M13.5 6l6 6-6 6" />
  </Icon>
)

export const CheckIcon = () => (
  <Icon>
    <path d="m4.5 12.8 4.8 4.7L19.5 6.8" />
  </Icon>
)

export const InboxIcon = () => (
  <Icon>
    <path d="M3.5 13.5 6.2 5h11.6l2.7 8.5V19h-17v-5.5Z" />
    <path d="M3.5 13.5h5l1.2 2.5h4.6l1.2-2.5h5" />
  </Icon>
)

export const OfflineIcon = () => (
  <Icon>
    <path d="M3.5 3.5l17 17M8.5 15.3a5 5 0 0 1 6 -.6M5 11.6a10 10 0 0 1 3.8-2.3M12.5 8.4A10 10 0 0 1 19 11.6M2 8a15 15 0 0 1 3.4-2.3M10 4.6A15 15 0 0 1 22 8" />
    <circle cx="12" cy="19" r=".8" fill="currentColor" />
  </Icon>
)

export const MenuIcon = () => (
  <Icon>
    <path d="M4 7h16M4 12h16M4 17h10" />
  </Icon>
)
